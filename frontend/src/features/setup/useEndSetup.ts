import { useCallback } from "react";
import { useMutation } from "urql";
import { useSelf } from "~/app/self";
import { FinishOnboardingDocument } from "~/graphql/generated/graphql";
import { endSetup } from "./progress";

/** Ends the set-up, by finishing it or by putting the rest off: here at once, and in every other browser of the shop. */
export function useEndSetup(): () => void {
  const { shop } = useSelf();
  const [, finish] = useMutation(FinishOnboardingDocument);
  return useCallback(() => {
    endSetup(shop.id);
    // Where it fails, another browser asks once more.
    if (shop.onboardedAt === null) void finish({});
  }, [shop.id, shop.onboardedAt, finish]);
}
