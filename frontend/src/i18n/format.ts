import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { shopifyLocale } from "~/app/appBridge";
import { languageOf, regionOf } from "./languages";

const STEPS = [
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3_600 },
  { unit: "minute", seconds: 60 },
] as const;

export interface Format {
  number(value: number): string;
  /** `share` of 1 as a whole percentage. */
  share(share: number): string;
  /** `share` of 1 as a percentage with two decimals, where it has them. */
  exactShare(share: number): string;
  /** A decimal as text ("19.90") in `currency`, with the digits that the currency has. */
  money(amount: string, currency: string): string;
  /** The same with all the decimals that the text has. */
  preciseMoney(amount: string, currency: string): string;
  /** What stands between a number and its decimals. */
  decimalPoint: string;
  /** A decimal as text, with all its decimals. */
  decimal(amount: string): string;
  dateTime(moment: string): string;
  /** The time of day. */
  time(moment: string): string;
  /** With seconds, for what happens within a minute. */
  exactTime(moment: string): string;
  /** "3 minutes ago"; a date once it is more than a week away. */
  relative(moment: string, now?: Date): string;
  /** A span of seconds, in its two largest units. */
  duration(seconds: number): string;
  /** A short span of seconds, with a decimal below ten. */
  seconds(seconds: number): string;
  list(items: readonly string[]): string;
  /** A name and the colon before what belongs to it. */
  label(name: string): string;
}

export function formatFor(locale: string): Format {
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const exactTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const exact = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 });
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  const unit = (value: number, name: string): string =>
    new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "short" }).format(value);

  const duration = (seconds: number): string => {
    const whole = Math.max(0, Math.round(seconds));
    if (whole < 60) return unit(whole, "second");
    if (whole < 3_600) {
      const rest = whole % 60;
      return unit(Math.floor(whole / 60), "minute") + (rest ? ` ${unit(rest, "second")}` : "");
    }
    const rest = Math.floor((whole % 3_600) / 60);
    return unit(Math.floor(whole / 3_600), "hour") + (rest ? ` ${unit(rest, "minute")}` : "");
  };

  return {
    number: (value) => number.format(value),
    // Rounded down, so that "100 %" is said only when nothing is left.
    share: (share) => percent.format(Math.floor(share * 100) / 100),
    exactShare: (share) => exact.format(Math.floor(share * 10_000 + 1e-6) / 10_000),
    money: (amount, currency) => {
      const money = new Intl.NumberFormat(locale, { style: "currency", currency });
      // Text, not a float: Intl formats decimal strings exactly.
      return money.format(amount as unknown as number);
    },
    preciseMoney: (amount, currency) => {
      const decimals = amount.split(".")[1]?.length ?? 0;
      const money = new Intl.NumberFormat(locale, {
        style: "currency",
        currency,
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      });
      return money.format(amount as unknown as number);
    },
    decimalPoint: number.formatToParts(0.5).find(({ type }) => type === "decimal")?.value ?? ".",
    decimal: (amount) =>
      new Intl.NumberFormat(locale, { maximumFractionDigits: 12 }).format(amount as unknown as number),
    dateTime: (moment) => dateTime.format(new Date(moment)),
    time: (moment) => time.format(new Date(moment)),
    exactTime: (moment) => exactTime.format(new Date(moment)),
    relative: (moment, now = new Date()) => {
      const seconds = (new Date(moment).getTime() - now.getTime()) / 1000;
      if (Math.abs(seconds) > 7 * 86_400) return dateTime.format(new Date(moment));
      const step = STEPS.find((candidate) => Math.abs(seconds) >= candidate.seconds);
      return step
        ? relative.format(Math.trunc(seconds / step.seconds), step.unit)
        : relative.format(Math.min(0, Math.trunc(seconds)), "second");
    },
    duration,
    seconds: (seconds) => (seconds < 10 ? unit(Math.round(seconds * 10) / 10, "second") : duration(seconds)),
    list: (items) => list.format(items),
    label: (name) => (languageOf(locale) === "fr" ? `${name}\u202f:` : `${name}:`),
  };
}

export function useFormat(): Format {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const region = regionOf(shopifyLocale());
    return formatFor(region.startsWith(i18n.language) ? region : i18n.language);
  }, [i18n.language]);
}
