import type { SettingsForm } from "./settingsForm";
import { decimal } from "./settingsForm";

const SCALE = 10n ** 12n;

/**
 * What `amount` (text, in the main's currency) becomes under `rules`: rate, percent, amount, ending, minor unit, half
 * up, in exact arithmetic. Null where the currencies differ and no rate is set: then prices wait. It only illustrates
 * the rules; the server computes the prices that are written.
 */
export function examplePrice(
  amount: string,
  rules: SettingsForm["priceRules"],
  sameCurrency: boolean,
  minorDigits: number,
): string | null {
  const rate =
    rules.conversionRate.trim() === "" ? (sameCurrency ? SCALE : null) : parse(rules.conversionRate);
  if (rate === null) return null;
  let value = (parse(amount) * rate) / SCALE;
  value = (value * (100n * SCALE + parse(rules.percent))) / (100n * SCALE);
  value += parse(rules.amount);
  if (value < 0n || parse(amount) === 0n) value = 0n;
  if (rules.ending.trim() !== "" && value > 0n) value = withEnding(value, parse(rules.ending));
  return render(halfUp(value, 10n ** BigInt(12 - minorDigits)), minorDigits);
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

function render(value: bigint, digits: number): string {
  const whole = value / SCALE;
  if (digits === 0) return whole.toString();
  const fraction = ((value % SCALE) / 10n ** BigInt(12 - digits)).toString().padStart(digits, "0");
  return `${whole}.${fraction}`;
}
