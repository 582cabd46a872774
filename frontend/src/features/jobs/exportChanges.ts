import type { Client, OperationResult } from "urql";
import {
  type ChangeRowFragment,
  ChangesDocument,
  type ChangesQuery,
  type ChangesQueryVariables,
} from "~/graphql/generated/graphql";
import { CSV_HEADER, csvLine, csvRow } from "./csv";

/** The API's largest page. */
const PAGE = 100;

/** Reads a job's changes page by page and hands them to the browser as a CSV file. Throws where a page can't be read. */
export async function downloadChanges(
  client: Client,
  jobId: string,
  onRows: (rows: number) => void,
): Promise<void> {
  // Spreadsheets take a file for UTF-8 only when it says so.
  const parts: string[] = ["\ufeff", csvLine(CSV_HEADER)];
  let rows = 0;
  for await (const page of pages(client, jobId)) {
    for (const change of page) parts.push(csvLine(csvRow(change)));
    rows += page.length;
    onRows(rows);
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "text/csv;charset=utf-8" }));
  link.download = `changes-${jobId}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function* pages(client: Client, jobId: string): AsyncGenerator<readonly ChangeRowFragment[]> {
  let after: string | null = null;
  do {
    const variables: ChangesQueryVariables = { jobId, first: PAGE, after, filter: null };
    const result: OperationResult<ChangesQuery> = await client
      .query(ChangesDocument, variables, { requestPolicy: "network-only", keepShown: false })
      .toPromise();
    const page = result.data?.job?.changes;
    if (!page) throw result.error ?? new Error("The job is gone");
    yield page.edges.map((edge) => edge.node);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
}
