import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { stage } from "~/dev/stage";
import { startLanguage } from "~/i18n/start";
import { DecimalField } from "./DecimalField";

function Rate() {
  const [rate, setRate] = useState("0.86");
  return (
    <>
      <DecimalField label="Rate" value={rate} onChange={setRate} />
      <output>{rate}</output>
    </>
  );
}

it.each([
  ["en", "0.86", "1.5"],
  ["de", "0,86", "1,5"],
  ["fr", "0,86", "1,5"],
] as const)(
  "shows a number as %s writes it, and takes a comma and a point",
  async (language, saved, typed) => {
    await startLanguage(language);
    stage(<Rate />);
    const field = screen.getByLabelText("Rate") as HTMLInputElement;
    expect(field.value).toBe(saved);
    for (const text of ["1,5", "1.5"]) {
      await userEvent.clear(field);
      await userEvent.type(field, text);
      expect(field.value).toBe(typed);
      expect(screen.getByRole("status").textContent).toBe("1.5");
    }
  },
);
