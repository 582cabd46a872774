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
  ...settings,
  ...terms,
  ...settings,
  ...terms,
  ...apiAccess,
  ...choosing,
  ...matter,
  ...outage,
  ...plans,
  ...settings,
  ...terms,
  ...settings,
  ...terms,
  ...trace,
  job: { ...screens.job, ...job },
  errors,
};
