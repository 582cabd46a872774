import { type Cache, cacheExchange, type KeyingConfig, type UpdateResolver } from "@urql/exchange-graphcache";
import type { Exchange } from "urql";

/** Types that are parts of what holds them; every other object type has an `id` (held against the SDL by a test). */
export const PARTS = [
  "ActionCount",
  "AppInfo",
  "BrakeLimits",
  "ChangeError",
  "ConflictCandidate",
  "CurrentPlan",
  "Delay",
  "InviteResult",
  "InvitingShop",
  "JobCounts",
  "JobError",
  "PageInfo",
  "Param",
  "Parity",
  "PendingPlan",
  "PriceRules",
  "ProductCounts",
  "ProductValues",
  "Progress",
  "ReasonCount",
  "Selection",
  "SettingsCopy",
  "SyncSettings",
  "SyncedValue",
  "TraceEvent",
  "TraceRule",
  "TraceSource",
  "TraceStep",
  "UserError",
  "ValueTrace",
  "VariantLink",
] as const;

const keys: KeyingConfig = {
  ...Object.fromEntries(PARTS.map((name) => [name, () => null])),
  // Their ids are the main shop's, and each dependent has reasons of its own.
  UnlinkedProduct: () => null,
};

type Lists =
  | "jobs"
  | "shops"
  | "connections"
  | "invitations"
  | "conflicts"
  | "links"
  | "unlinkedProducts"
  | "freeProducts"
  | "productValues"
  | "holds"
  | "differences"
  | "localEdits"
  | "setAsideSubjects"
  | "locationMappings"
  | "apiTokens"
  | "plans"
  | "currentPlan"
  | "connection";

/** Forget the root lists that a mutation may have changed: those on screen are read again, the others when they are needed. */
function touches(...lists: Lists[]): UpdateResolver {
  return (_result, _args, cache) => forget(cache, lists);
}

function forget(cache: Cache, lists: readonly string[]): void {
  for (const { fieldName, arguments: args } of cache.inspectFields("Query")) {
    if (lists.includes(fieldName)) cache.invalidate("Query", fieldName, args);
  }
}

/** The dependent's tie is known at once, for what the page shows next; the lists are read again. */
function joined(result: Record<string, unknown>, _args: unknown, cache: Cache): void {
  const [payload] = Object.values(result) as [
    { connection?: { id: string; dependent: { id: string } } | null },
  ];
  if (!payload.connection) return;
  const { id, dependent } = payload.connection;
  cache.link({ __typename: "Shop", id: dependent.id }, "connection", { __typename: "Connection", id });
  forget(cache, ["shops", "connections", "invitations"]);
}

function forgetChanges(_result: unknown, args: { jobId?: unknown }, cache: Cache): void {
  const job = cache.keyOfEntity({ __typename: "Job", id: String(args.jobId) });
  if (!job) return;
  for (const { fieldName, arguments: filter } of cache.inspectFields(job)) {
    if (["changes", "counts", "actions"].includes(fieldName)) cache.invalidate(job, fieldName, filter);
  }
}

/** A conflict was decided, or taken up again: the lists, and how many are open, are read again. */
function decided(...lists: Lists[]): UpdateResolver {
  return (_result, _args, cache) => {
    forget(cache, ["conflicts", ...lists]);
    for (const { fieldName, arguments: args } of cache.inspectFields("Query")) {
      const connection =
        fieldName === "connection" && cache.keyOfEntity({ __typename: "Connection", id: String(args?.id) });
      if (connection) cache.invalidate(connection, "openConflicts");
    }
  };
}

/** One copy of every object, so that what a subscription or a mutation brings is seen wherever it is shown. */
export function normalizedCache(): Exchange {
  return cacheExchange({
    keys,
    resolvers: {
      Query: {
        job: (_parent, args) => ({ __typename: "Job", id: args.id as string }),
        connection: (_parent, args) => ({ __typename: "Connection", id: args.id as string }),
      },
    },
    updates: {
      Mutation: {
        connectWithKey: joined,
        inviteShops: touches("invitations"),
        acceptInvitation: joined,
        declineInvitation: touches("invitations"),
        resendInvitation: touches("invitations"),
        revokeInvitation: touches("invitations"),
        disconnect: touches("shops", "connections"),
        syncAll: touches("jobs"),
        previewSync: touches("jobs"),
        retryJob: touches("jobs"),
        undoJob: touches("jobs"),
        undoChanges: touches("jobs"),
        undoProduct: touches("jobs"),
        confirmChanges: (result, args, cache) => {
          forgetChanges(result, args, cache);
          forget(cache, ["jobs"]);
        },
        rejectChanges: forgetChanges,
        resumeConnection: touches("jobs"),
        copySettings: touches("jobs", "shops", "connections", "connection"),
        updateSyncSettings: touches("jobs", "shops", "connections", "connection"),
        saveLocationMapping: touches("locationMappings", "jobs"),
        deleteLocationMapping: touches("locationMappings", "jobs"),
        linkProducts: decided("links", "unlinkedProducts", "freeProducts", "jobs"),
        unlinkProducts: decided("links", "unlinkedProducts", "freeProducts", "productValues", "jobs"),
        linkConflict: decided("links", "unlinkedProducts", "freeProducts", "jobs"),
        createFromConflict: decided("links", "unlinkedProducts", "jobs"),
        ignoreConflict: decided("unlinkedProducts"),
        reopenConflict: decided("unlinkedProducts"),
        releaseHold: touches("holds", "jobs"),
        repairDifferences: touches("differences", "jobs"),
        keepLocal: touches("holds", "localEdits", "differences"),
        useMainValue: touches("holds", "localEdits", "differences", "jobs"),
        createApiToken: touches("apiTokens"),
        revokeApiToken: touches("apiTokens"),
        changePlan: touches("plans", "currentPlan"),
        refreshPlan: touches("plans", "currentPlan"),
        retrySetAside: touches("setAsideSubjects", "shops"),
      },
    },
  });
}
