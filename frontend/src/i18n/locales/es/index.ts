import type { Texts } from "~/i18n/texts";
import errors from "./errors";
import invitations from "./invitations";
import live from "./live";
import rights from "./rights";
import screens from "./screens";
import settings from "./settings";
import terms, { job } from "./terms";

export default {
  ...screens,
  ...live,
  ...rights,
  ...invitations,
  ...settings,
  ...terms,
  job: { ...screens.job, ...job },
  errors,
} satisfies Texts;
