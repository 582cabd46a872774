import { Text } from "@shopify/polaris";
import { Dialog } from "./Dialog";
import { Sentence } from "./Sentence";

/** Asks before something that writes or breaks. */
export function Confirm({
  text,
  onConfirm,
  ...dialog
}: {
  title: string;
  text: string;
  action: string;
  destructive?: boolean;
  running?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <Dialog {...dialog} onAction={onConfirm}>
      <Text as="p">
        <Sentence text={text} />
      </Text>
    </Dialog>
  );
}
