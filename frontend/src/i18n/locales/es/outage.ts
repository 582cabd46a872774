export default {
  outage: {
    unreachable:
      "El servidor no responde en este momento. La página se actualizará automáticamente en cuanto responda.",
    session: "Tu sesión ha caducado. No se ha perdido nada.",
    queued: "En espera desde las {{time}}, empieza automáticamente",
    queuedSince: "En espera desde el {{date}}, empieza automáticamente",
  },
};
