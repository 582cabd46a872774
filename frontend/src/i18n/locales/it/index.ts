import type { Texts } from "~/i18n/texts";
import errors from "./errors";
import live from "./live";
import plans from "./plans";
import screens from "./screens";
import settings from "./settings";
import terms, { job } from "./terms";

export default {
  ...screens,
  ...live,
  ...plans,
  ...settings,
  ...terms,
  job: { ...screens.job, ...job },
  errors,
} satisfies Texts;
