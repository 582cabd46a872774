import { BlockStack, Button, Checkbox, InlineStack, SkeletonBodyText, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { FailureBanner } from "~/components/FailureBanner";
import { ShopAddress } from "~/components/ShopAddress";
import { CopyTargetsDocument } from "~/graphql/generated/graphql";

/** Other dependents of this main to do the same for, 20 at a time; those that have not delegated can't be chosen. */
export function TargetChoices({
  except,
  chosen,
  onChange,
}: {
  /** The connection that it comes from. */
  except: string;
  /** Domains by the id of the connection. */
  chosen: ReadonlyMap<string, string>;
  onChange: (chosen: ReadonlyMap<string, string>) => void;
}) {
  const { t } = useTranslation();
  const [pages, setPages] = useState<readonly (string | null)[]>([null]);
  return (
    <BlockStack gap="200">
      {pages.map((after, index) => (
        <TargetPage
          key={after ?? ""}
          after={after}
          except={except}
          chosen={chosen}
          onChange={onChange}
          alone={index === 0}
          onMore={index === pages.length - 1 ? (cursor) => setPages([...pages, cursor]) : undefined}
        />
      ))}
      {chosen.size > 0 && (
        <Text as="p" tone="subdued">
          {t("rights.targets.chosen", { count: chosen.size })}
        </Text>
      )}
    </BlockStack>
  );
}

function TargetPage({
  after,
  except,
  chosen,
  onChange,
  alone,
  onMore,
}: Parameters<typeof TargetChoices>[0] & {
  after: string | null;
  alone: boolean;
  onMore: ((cursor: string) => void) | undefined;
}) {
  const { t } = useTranslation();
  const [{ data, error }, reload] = useQuery({ query: CopyTargetsDocument, variables: { after } });
  if (!data) {
    return error ? (
      <FailureBanner error={error} retry={() => reload({ requestPolicy: "network-only" })} />
    ) : (
      <SkeletonBodyText lines={3} />
    );
  }
  const { edges, pageInfo } = data.connections;
  const others = edges.map((edge) => edge.node).filter((node) => node.id !== except);
  if (alone && others.length === 0 && !pageInfo.hasNextPage) {
    return (
      <Text as="p" tone="subdued">
        {t("rights.targets.none")}
      </Text>
    );
  }
  const toggle = (id: string, domain: string, checked: boolean): void => {
    const next = new Map(chosen);
    if (checked) next.set(id, domain);
    else next.delete(id);
    onChange(next);
  };
  return (
    <BlockStack gap="100">
      {others.map(({ id, permissions, dependent }) => {
        const open = permissions.includes("EDIT_SETTINGS");
        return (
          <Checkbox
            key={id}
            label={<ShopAddress domain={dependent.domain} />}
            helpText={open ? undefined : t("rights.targets.notDelegated")}
            disabled={!open}
            checked={chosen.has(id)}
            onChange={(checked) => toggle(id, dependent.domain, checked)}
          />
        );
      })}
      {onMore && pageInfo.hasNextPage && pageInfo.endCursor && (
        <InlineStack>
          <Button variant="plain" onClick={() => onMore(pageInfo.endCursor ?? "")}>
            {t("rights.targets.more")}
          </Button>
        </InlineStack>
      )}
    </BlockStack>
  );
}
