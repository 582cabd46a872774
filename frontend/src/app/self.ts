import { createContext, useContext } from "react";
import type { SelfQuery } from "~/graphql/generated/graphql";

export interface Self {
  shop: SelfQuery["shop"];
  app: SelfQuery["app"];
  /** Whether there are plans to choose from. */
  hasPlans: boolean;
  refresh: () => void;
}

export const SelfContext = createContext<Self | null>(null);

/** The shop that the page is open in. */
export function useSelf(): Self {
  const self = useContext(SelfContext);
  if (!self) throw new Error("useSelf outside of the frame");
  return self;
}
