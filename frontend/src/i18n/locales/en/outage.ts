export default {
  outage: {
    unreachable: "The server does not answer right now. The page updates automatically as soon as it does.",
    session: "Your session has ended. Nothing was lost.",
    queued: "Waiting since {{time}}, starts automatically",
    queuedSince: "Waiting since {{date}}, starts automatically",
  },
};
