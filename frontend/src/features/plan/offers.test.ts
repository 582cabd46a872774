import { describe, expect, it } from "vitest";
import type { PlanOfferFragment, PlanStateFragment } from "~/graphql/generated/graphql";
import { consequences, isLarger } from "./offers";

const plan = (productLimit: number | null, price: string | null = null): PlanOfferFragment => ({
  id: String(productLimit),
  name: "Plan",
  productLimit,
  price,
  currency: price && "USD",
  interval: price ? "EVERY_30_DAYS" : null,
});
const on = (current: PlanOfferFragment, used: number): PlanStateFragment => ({
  status: "ACTIVE",
  used,
  allowed: current.productLimit,
  waiting: 0,
  waitingForOthers: 0,
  plan: current,
  pending: null,
});

describe("plans", () => {
  it("are larger by their limit, none being the largest", () => {
    expect(isLarger(plan(50), plan(5))).toBe(true);
    expect(isLarger(plan(5), plan(50))).toBe(false);
    expect(isLarger(plan(5), plan(5))).toBe(false);
    expect(isLarger(plan(null), plan(5))).toBe(true);
    expect(isLarger(plan(5), plan(null))).toBe(false);
    expect(isLarger(plan(null), plan(null))).toBe(false);
  });

  it("have consequences where a subscription ends or more is linked than fits", () => {
    const paid = on(plan(100, "19.00"), 60);
    expect(consequences(plan(50), paid)).toEqual({ free: true, excess: true });
    expect(consequences(plan(60, "9.00"), paid)).toEqual({ free: false, excess: false });
    expect(consequences(plan(null, "49.00"), paid)).toEqual({ free: false, excess: false });
    expect(consequences(plan(50), on(plan(5), 3))).toEqual({ free: false, excess: false });
  });
});
