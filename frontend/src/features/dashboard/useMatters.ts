import { useTranslation } from "react-i18next";
import { useSelf } from "~/app/self";
import { adminApp } from "~/features/products/adminLinks";
import type { PlanStateFragment, StandingFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import type { Failure } from "./failures";
import { rateTrouble, shopToOpen } from "./rows";

export interface Matter {
  key: string;
  text: string;
  action: { content: string; url: string; external?: boolean };
  /** Something has stopped, and does not go on before a person acts. */
  grave?: boolean;
}

/** So many shops with the same matter have a line each; more of them share one. */
const APART = 3;
const NAMED = 3;

type Kind = "suspended" | "paused" | "settings" | "held" | "conflicts" | "rate" | "failed";

/** What waits for a person, fails, or needs the app to be opened, the gravest first; each with the way to deal with it. */
export function useMatters({
  connections,
  failures,
  plan,
}: {
  connections: readonly StandingFragment[];
  failures: readonly Failure[];
  plan: PlanStateFragment | undefined;
}): readonly Matter[] {
  const shared = useShared();
  const one = useMatterOf();
  const own = useOwnMatters(plan);

  const ofKind: Record<Kind, StandingFragment[]> = {
    suspended: connections.filter(({ state }) => state === "SUSPENDED"),
    failed: failures.map(({ connection }) => connection).filter(({ state }) => state !== "SUSPENDED"),
    paused: connections.filter(({ state }) => state === "PAUSED"),
    settings: connections.filter(({ state, syncSettings }) => state !== "SUSPENDED" && !syncSettings),
    held: connections.filter(({ state, heldChanges }) => state !== "SUSPENDED" && heldChanges > 0),
    conflicts: connections.filter(({ state, openConflicts }) => state !== "SUSPENDED" && openConflicts > 0),
    rate: connections.filter((each) => each.state !== "SUSPENDED" && rateTrouble(each) !== null),
  };
  const ofShops = (Object.entries(ofKind) as [Kind, StandingFragment[]][]).flatMap(([kind, concerned]) =>
    concerned.length > APART
      ? [shared(kind, concerned)]
      : concerned.map((connection) => one(kind, connection, failures)),
  );
  return [...own, ...ofShops];
}

/** Of this shop itself: what it may do, and its plan. */
function useOwnMatters(plan: PlanStateFragment | undefined): readonly Matter[] {
  const { t } = useTranslation();
  const format = useFormat();
  const { shop } = useSelf();
  const matters: Matter[] = [];
  if (shop.missingScopes.length > 0) {
    matters.push({
      key: "scopes",
      text: t("attention.scopes", { scopes: format.list(shop.missingScopes) }),
      action: { content: t("matter.open"), url: adminApp(shop.domain), external: true },
      grave: true,
    });
  }
  if (!plan) return matters;
  const see = { content: t("plan.manage"), url: "/plan" };
  if (plan.status === "FROZEN") {
    matters.push({ key: "frozen", text: t("matter.frozen"), action: see, grave: true });
  }
  if (plan.status === "CANCELLED") {
    matters.push({ key: "cancelled", text: t("matter.cancelled"), action: see });
  }
  if (plan.pending) {
    const text = t("matter.pending", { plan: plan.pending.plan.name });
    matters.push({ key: "pending", text, action: see });
  }
  if (plan.waiting > 0) {
    matters.push({
      key: "full",
      text: t("matter.full", { count: plan.waiting, number: format.number(plan.waiting) }),
      action: { content: t("plan.more"), url: "/plan" },
    });
  } else if (plan.allowed !== null && plan.used >= plan.allowed) {
    const text = t("matter.reached");
    matters.push({ key: "full", text, action: { content: t("plan.more"), url: "/plan" } });
  }
  return matters;
}

/** The matter of one shop, with the way to the very place. */
function useMatterOf() {
  const { t } = useTranslation();
  const format = useFormat();
  return (kind: Kind, connection: StandingFragment, failures: readonly Failure[]): Matter => {
    const { id, dependent, main, permissions, heldChanges, openConflicts, lastJob } = connection;
    const key = `${kind}-${id}`;
    const shop = dependent.domain;
    const mine = permissions.includes("EDIT_SETTINGS");
    const url = `/connections/${id}/settings`;
    switch (kind) {
      case "suspended": {
        const { domain } = shopToOpen(connection);
        const text = t("attention.suspended", { shop: domain });
        const action = { content: t("matter.open"), url: adminApp(domain), external: true };
        return { key, text, action, grave: true };
      }
      case "failed": {
        const failure = failures.find((each) => each.connection.id === id);
        const text = t(failure?.partly ? "matter.partly" : "matter.failed", { shop });
        return {
          key,
          text,
          action: { content: t("attention.toHeld"), url: `/jobs/${failure?.jobId}` },
          grave: true,
        };
      }
      case "paused": {
        const content = t(permissions.includes("RESUME") ? "rights.pause.resume" : "matter.toSettings");
        return { key, text: t("matter.paused", { shop }), action: { content, url } };
      }
      case "settings":
        return {
          key,
          text: t(mine ? "attention.settings" : "attention.settingsOther", { shop }),
          action: { content: t(mine ? "attention.toSettings" : "matter.toSettings"), url },
        };
      case "held": {
        const held =
          lastJob && lastJob.counts.held > 0 ? `/jobs/${lastJob.id}?show=HELD` : `/jobs?connection=${id}`;
        return {
          key,
          text: t("attention.held", { count: heldChanges, number: format.number(heldChanges), shop }),
          action: { content: t("attention.toHeld"), url: held },
        };
      }
      case "conflicts":
        return {
          key,
          text: t("attention.conflicts", {
            count: openConflicts,
            number: format.number(openConflicts),
            shop,
          }),
          action: { content: t("attention.toConflicts"), url: `/connections/${id}/products` },
        };
      case "rate": {
        const currencies = { main: main.currency, dependent: dependent.currency };
        const text =
          rateTrouble(connection) === "rate"
            ? t("attention.rate", { shop, ...currencies })
            : t("matter.rateChanged", { shop });
        return {
          key,
          text,
          action: { content: t(mine ? "attention.toSettings" : "matter.toSettings"), url },
        };
      }
    }
  };
}

/** One line for many shops. */
function useShared() {
  const { t } = useTranslation();
  const format = useFormat();
  const places: Record<Kind, string> = {
    suspended: "/settings",
    failed: "/jobs",
    paused: "/settings",
    settings: "/settings",
    held: "/jobs",
    conflicts: "/products",
    rate: "/settings",
  };
  return (kind: Kind, concerned: readonly StandingFragment[]): Matter => {
    const domains = concerned.map(
      (each) => (kind === "suspended" ? shopToOpen(each) : each.dependent).domain,
    );
    const others = domains.length - NAMED;
    const names = [
      ...domains.slice(0, NAMED),
      t("matter.others", { count: others, number: format.number(others) }),
    ];
    return {
      key: kind,
      text: t(`matter.many.${kind}`, { number: format.number(domains.length), shops: format.list(names) }),
      action: {
        content: t(places[kind] === "/settings" ? "matter.toShops" : "attention.toHeld"),
        url: places[kind],
      },
      grave: kind === "suspended" || kind === "failed",
    };
  };
}
