export default {
  outage: {
    unreachable: "The server does not answer right now. The page updates automatically as soon as it does.",
    session: "Your session has ended. Nothing was lost.",
    queued: "Waiting since {{time}}, starts automatically",
    queuedSince: "Waiting since {{date}}, starts automatically",
    stalled: "On hold since {{time}}, continues automatically",
    waitingTitle: "Syncing is on hold",
    waitingWork:
      "Changes have been waiting since {{time}}. They are synced automatically; contact support if they aren't.",
    stalledTitle: "Jobs are on hold",
    stalledJobs_one:
      "{{number}} job has been on hold since {{time}}. It continues automatically; contact support if it doesn't.",
    stalledJobs_other:
      "{{number}} jobs have been on hold since {{time}}. They continue automatically; contact support if they don't.",
  },
};
