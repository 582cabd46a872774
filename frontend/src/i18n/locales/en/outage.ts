export default {
  outage: {
    unreachable: "The server does not answer right now. The page goes on by itself as soon as it does.",
    session: "Your session has ended. Nothing was lost.",
    queued: "Waiting since {{time}}, starts by itself",
    queuedSince: "Waiting since {{date}}, starts by itself",
  },
};
