import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type AnyVariables, type TypedDocumentNode, useMutation } from "urql";
import { toast } from "~/app/appBridge";
import { useErrorText } from "~/i18n/errorText";
import { type Failure, failureOf } from "./failure";
import type { FailuresFragment } from "./generated/graphql";

interface Payload {
  userErrors: FailuresFragment[];
}

type PayloadOf<Data> = Extract<Data[keyof Data], Payload>;

export interface Command<Data, Variables> {
  /** Runs the mutation; answers its payload, or null when it was refused or failed. Failures as a whole are told by a toast. */
  run: (variables: Variables) => Promise<PayloadOf<Data> | null>;
  running: boolean;
  errors: readonly FailuresFragment[];
  clear: () => void;
}

/**
 * A mutation of one root field. With `announce`, refusals are told by a toast, for actions that have no form to show
 * them in; otherwise the caller shows `errors` beside their fields.
 */
export function useCommand<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  { announce = false }: { announce?: boolean } = {},
): Command<Data, Variables> {
  const [{ fetching }, execute] = useMutation(document);
  const [errors, setErrors] = useState<readonly FailuresFragment[]>([]);
  const errorText = useErrorText();
  const failureText = useFailureText();

  return {
    running: fetching,
    errors,
    clear: () => setErrors([]),
    run: async (variables) => {
      const { data, error } = await execute(variables);
      if (error || !data) {
        setErrors([]);
        toast(failureText(error ? failureOf(error) : { kind: "unavailable" }), true);
        return null;
      }
      const payload = Object.values(data).find(isPayload) as PayloadOf<Data>;
      setErrors(payload.userErrors);
      const [first] = payload.userErrors;
      if (first && announce) toast(errorText(first), true);
      return first ? null : payload;
    },
  };
}

function isPayload(value: unknown): value is Payload {
  return typeof value === "object" && value !== null && "userErrors" in value;
}

function useFailureText(): (failure: Failure) => string {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return (failure) =>
    failure.kind === "coded"
      ? errorText({ code: failure.code, params: [] })
      : t(`failure.${failure.kind}.text`, { id: failure.kind === "internal" ? failure.id : "" });
}
