import type { DetailedHTMLProps, HTMLAttributes } from "react";

type Custom = DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement>;

declare global {
  namespace JSX {
    interface IntrinsicElements {
      "ui-nav-menu": Custom;
      "ui-save-bar": Custom & { discardConfirmation?: "" };
    }
  }
}
declare module "react" {
  interface ButtonHTMLAttributes<T> {
    /** Read by App Bridge from the buttons of its own elements. */
    variant?: "primary";
    loading?: "" | undefined;
  }
}
