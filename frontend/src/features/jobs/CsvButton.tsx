import { Button } from "@shopify/polaris";
import type { JobRowFragment } from "~/graphql/generated/graphql";
import { useCsv } from "./useCsv";

export function CsvButton({ job }: { job: JobRowFragment }) {
  const { content, disabled, onAction } = useCsv(job);
  return (
    <Button disabled={disabled} onClick={onAction}>
      {content}
    </Button>
  );
}
