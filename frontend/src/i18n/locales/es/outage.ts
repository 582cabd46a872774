export default {
  outage: {
    unreachable:
      "El servidor no responde en este momento. La página se actualizará automáticamente en cuanto responda.",
    session: "Tu sesión ha caducado. No se ha perdido nada.",
    queued: "En espera desde las {{time}}, empieza automáticamente",
    queuedSince: "En espera desde el {{date}}, empieza automáticamente",
    stalled: "Detenida desde las {{time}}, continúa automáticamente",
    waitingTitle: "La sincronización está detenida",
    waitingWork:
      "Hay cambios en espera desde las {{time}}. Se sincronizan automáticamente; si no es así, ponte en contacto con soporte.",
    stalledTitle: "Las tareas están detenidas",
    stalledJobs_one:
      "{{number}} tarea está detenida desde las {{time}}. Continúa automáticamente; si no es así, ponte en contacto con soporte.",
    stalledJobs_other:
      "{{number}} tareas están detenidas desde las {{time}}. Continúan automáticamente; si no es así, ponte en contacto con soporte.",
  },
};
