import { BlockStack, Box, Button, Text } from "@shopify/polaris";

/** Where there is nothing to show: why, and the way on. */
export function Nothing({
  title,
  text,
  heading = "h2",
  action,
}: {
  title: string;
  text?: string;
  heading?: "h1" | "h2" | "h3";
  action?: { content: string; url?: string; onAction?: () => void };
}) {
  return (
    <Box paddingBlock="1000" paddingInline="400">
      <BlockStack gap="400" inlineAlign="center">
        <Box maxWidth="25rem">
          <BlockStack gap="100">
            <Text as={heading} variant="headingMd" alignment="center">
              {title}
            </Text>
            {text && (
              <Text as="p" tone="subdued" alignment="center">
                {text}
              </Text>
            )}
          </BlockStack>
        </Box>
        {action && (
          <Button variant="primary" url={action.url} onClick={action.onAction}>
            {action.content}
          </Button>
        )}
      </BlockStack>
    </Box>
  );
}
