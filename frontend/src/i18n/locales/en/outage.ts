export default {
  outage: {
    unreachable: "The server does not answer right now. The page goes on by itself as soon as it does.",
    session: "Your session has ended. Nothing was lost.",
    queued: "Waiting since {{time}}, starts by itself",
    queuedSince: "Waiting since {{date}}, starts by itself",
    stalled: "Nobody has worked on it since {{time}}, it goes on by itself",
    stalledTitle: "Background work stands still",
    stalledJobs_one:
      "{{number}} job has waited for a worker since {{time}}. It goes on by itself; tell support if it does not.",
    stalledJobs_other:
      "{{number}} jobs have waited for a worker since {{time}}. They go on by themselves; tell support if they do not.",
  },
};
