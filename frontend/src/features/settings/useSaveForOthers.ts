import { useMutation } from "urql";
import { SaveSettingsDocument, type SyncSettingsInput } from "~/graphql/generated/graphql";
import type { TargetResult } from "./TargetResults";

/**
 * Saves the same edits for other connections, by id with the shop's domain, one after the other: what one of them
 * refuses stops no other.
 */
export function useSaveForOthers(): (
  others: ReadonlyMap<string, string>,
  input: SyncSettingsInput,
) => Promise<TargetResult[]> {
  const [, execute] = useMutation(SaveSettingsDocument);
  return async (others, input) => {
    const results: TargetResult[] = [];
    for (const [connectionId, shop] of others) {
      const { data, error } = await execute({ connectionId, input, expectedVersion: null });
      const payload = data?.updateSyncSettings;
      results.push({
        shop,
        failed: Boolean(error) || !payload?.syncSettings,
        errors: payload?.userErrors ?? [],
        warnings: payload?.warnings ?? [],
      });
    }
    return results;
  };
}
