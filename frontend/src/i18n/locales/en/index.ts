import errors from "./errors";
import screens from "./screens";
import settings from "./settings";
import terms, { job } from "./terms";

export default { ...screens, ...settings, ...terms, job: { ...screens.job, ...job }, errors };
