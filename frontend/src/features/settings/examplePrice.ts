import type { SettingsForm } from "./settingsForm";
import { decimal } from "./settingsForm";

const SCALE = 10n ** 12n;

export interface Step {
  rule: "rate" | "percent" | "amount" | "ending" | "rounding";
  /** What the rule makes of the price, with as many decimals as it has. */
  value: string;
}

/**
 * How `amount` (text, in the main's currency) becomes a price under `rules`, by each rule that changes something: rate,
 * percent, amount, ending, minor unit half up, in exact arithmetic; the last step is the price. Null where the
 * currencies differ and no rate is set: then prices wait. It only illustrates the rules; the server computes the prices
 * that are written.
 */
export function exampleSteps(
  amount: string,
  rules: SettingsForm["priceRules"],
  sameCurrency: boolean,
  minorDigits: number,
): Step[] | null {
  const given = rules.conversionRate.trim() !== "";
  if (given ? !rules.rateHolds : !sameCurrency) return null;
  const steps: Step[] = [];
  let value = parse(amount);
  const step = (rule: Step["rule"], next: bigint, shown = true): void => {
    value = next;
    if (shown) steps.push({ rule, value: trimmed(value, minorDigits) });
  };
  const free = value === 0n;
  if (given) step("rate", (value * parse(rules.conversionRate)) / SCALE);
  const percent = parse(rules.percent);
  step("percent", (value * (100n * SCALE + percent)) / (100n * SCALE), percent !== 0n);
  const added = value + parse(rules.amount);
  step("amount", free || added < 0n ? 0n : added, parse(rules.amount) !== 0n);
  if (rules.ending.trim() !== "" && value > 0n) step("ending", withEnding(value, parse(rules.ending)));
  const rounded = halfUp(value, 10n ** BigInt(12 - minorDigits));
  step("rounding", rounded, rounded !== value || steps.length === 0);
  return steps;
}

/** The price alone. */
export function examplePrice(...given: Parameters<typeof exampleSteps>): string | null {
  return exampleSteps(...given)?.at(-1)?.value ?? null;
}

/** The nearest price that ends so, the higher of two equally near; never 0, which would give the product away. */
function withEnding(value: bigint, ending: bigint): bigint {
  const floor = value >= ending ? (value - ending) / SCALE : -1n;
  const below = floor * SCALE + ending;
  const above = below + SCALE;
  return below <= 0n || above - value <= value - below ? above : below;
}

function halfUp(value: bigint, unit: bigint): bigint {
  return ((value + unit / 2n) / unit) * unit;
}

function parse(typed: string): bigint {
  const text = decimal(typed);
  const [whole = "0", fraction = ""] = text.replace("-", "").split(".");
  const value = BigInt(whole || "0") * SCALE + BigInt(fraction.padEnd(12, "0").slice(0, 12));
  return text.startsWith("-") ? -value : value;
}

/** All the decimals that say something, and at least those of the currency. */
function trimmed(value: bigint, digits: number): string {
  const [whole = "0", fraction = ""] = render(value, 12).split(".");
  const told = fraction.replace(/0+$/, "").padEnd(digits, "0");
  return told === "" ? whole : `${whole}.${told}`;
}

function render(value: bigint, digits: number): string {
  const whole = value / SCALE;
  if (digits === 0) return whole.toString();
  const fraction = ((value % SCALE) / 10n ** BigInt(12 - digits)).toString().padStart(digits, "0");
  return `${whole}.${fraction}`;
}
