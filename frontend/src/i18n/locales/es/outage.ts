export default {
  outage: {
    unreachable: "El servidor no responde en este momento. La página continuará sola en cuanto responda.",
    session: "Tu sesión ha caducado. No se ha perdido nada.",
    queued: "En espera desde las {{time}}, empieza sola",
    queuedSince: "En espera desde el {{date}}, empieza sola",
    stalled: "Detenida desde las {{time}}, continuará sola",
    stalledTitle: "El trabajo en segundo plano está detenido",
    stalledJobs_one:
      "{{number}} tarea espera desde las {{time}}. Continuará sola; si no es así, avisa al soporte.",
    stalledJobs_other:
      "{{number}} tareas esperan desde las {{time}}. Continuarán solas; si no es así, avisa al soporte.",
  },
};
