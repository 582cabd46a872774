import { Button } from "@shopify/polaris";
import { useEndSetup } from "./useEndSetup";

/** The way to the dashboard, which ends the set-up: the rest is done there, or in the settings. */
export function PutOff({ label, primary = false }: { label: string; primary?: boolean }) {
  const end = useEndSetup();
  return (
    <Button variant={primary ? "primary" : "plain"} url="/" onClick={end}>
      {label}
    </Button>
  );
}
