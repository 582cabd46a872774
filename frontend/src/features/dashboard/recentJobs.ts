import type { JobsQueryVariables } from "~/graphql/generated/graphql";

/** Many of them may be one line; checks that found nothing are no news. */
export const RECENT_JOBS: JobsQueryVariables = { first: 30, filter: { quiet: false } };
