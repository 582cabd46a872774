import type { Client } from "urql";
import { waitingFor } from "~/features/invitations/useWaiting";
import { EARLY } from "~/graphql/early";
import {
  AskedJobsDocument,
  ConnectionsDocument,
  CurrentPlanDocument,
  DashboardDocument,
  InvitationsDocument,
  JobsDocument,
  SelfDocument,
} from "~/graphql/generated/graphql";
import type { Language } from "~/i18n/languages";
import { ASKED_JOBS } from "./failures";
import { RECENT_JOBS } from "./recentJobs";

/** Asks for what the first screen shows while the page is still getting ready to show anything. */
export async function askEarly(client: Client, language: Language): Promise<void> {
  const { data } = await client.query(SelfDocument, {}, EARLY).toPromise();
  const role = data?.shop.role;
  if (!role || window.location.pathname !== "/") return;
  const direction = role === "MAIN" ? "SENT" : "RECEIVED";
  await Promise.all([
    client.query(DashboardDocument, { after: null }, EARLY),
    client.query(JobsDocument, RECENT_JOBS, EARLY),
    client.query(ConnectionsDocument, { after: null }, EARLY),
    client.query(CurrentPlanDocument, { language }, EARLY),
    client.query(AskedJobsDocument, ASKED_JOBS, EARLY),
    client.query(InvitationsDocument, waitingFor(direction), EARLY),
  ]);
}
