import type { Texts } from "~/i18n/texts";
import errors from "./errors";
import live from "./live";
import screens from "./screens";
import settings from "./settings";
import terms, { job } from "./terms";
import trace from "./trace";

export default {
  ...screens,
  ...live,
  ...settings,
  ...terms,
  ...trace,
  job: { ...screens.job, ...job },
  errors,
} satisfies Texts;
