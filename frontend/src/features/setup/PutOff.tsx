import { Button } from "@shopify/polaris";
import { useSelf } from "~/app/self";
import { endSetup } from "./progress";

/** The way to the dashboard, which ends the set-up: the rest is done there, or in the settings. */
export function PutOff({ label, primary = false }: { label: string; primary?: boolean }) {
  const { shop } = useSelf();
  return (
    <Button variant={primary ? "primary" : "plain"} url="/" onClick={() => endSetup(shop.id)}>
      {label}
    </Button>
  );
}
