import type { Texts } from "~/i18n/texts";
import apiAccess from "./apiAccess";
import choosing from "./choosing";
import errors from "./errors";
import invitations from "./invitations";
import live from "./live";
import matter from "./matter";
import outage from "./outage";
import plans from "./plans";
import rights from "./rights";
import screens from "./screens";
import settings from "./settings";
import terms, { job } from "./terms";
import trace from "./trace";

export default {
  ...screens,
  ...live,
  ...rights,
  ...invitations,
  ...plans,
  ...settings,
  ...terms,
  ...apiAccess,
  ...choosing,
  ...matter,
  ...outage,
  ...trace,
  job: { ...screens.job, ...job },
  errors,
} satisfies Texts;
