import { type CombinedError, type TypedDocumentNode, useQuery } from "urql";
import { type Paging, usePaging } from "~/components/paging";
import { type Search, useSearch } from "~/components/SearchField";
import { useLiveJobs } from "~/features/jobs/live";

interface Variables<Filter> {
  connectionId: string;
  first: number;
  after?: string | null | undefined;
  filter?: Filter | null | undefined;
}

export interface Searched<Data> {
  data: Data | undefined;
  error: CombinedError | undefined;
  retry: () => void;
  paging: Paging;
  search: Search;
}

/** A list of a connection, searched and turned page by page, and read again when a job may have changed it. */
export function useSearched<Data, Filter extends { search?: string | null | undefined }>(
  query: TypedDocumentNode<Data, Variables<Filter>>,
  connectionId: string,
  { first = 50, filter }: { first?: number; filter?: Filter } = {},
): Searched<Data> {
  const paging = usePaging();
  const search = useSearch(paging.reset);
  const wanted = search.text ? ({ ...filter, search: search.text } as Filter) : (filter ?? null);
  const [{ data, error }, reload] = useQuery({
    query,
    variables: { connectionId, first, after: paging.after, filter: wanted },
  });
  const retry = (): void => reload({ requestPolicy: "network-only" });
  useLiveJobs([], retry);
  return { data, error, retry, paging, search };
}
