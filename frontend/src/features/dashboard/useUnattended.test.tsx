import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { apiOf, stage } from "~/dev/stage";
import { useUnattended } from "./useUnattended";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function Shown() {
  return <p>since {useUnattended()?.toISOString() ?? "never"}</p>;
}

it("believes that nobody works when it was told so twice in a row", async () => {
  const since = "2026-11-30T10:20:00.000Z";
  const told = [since, null, since, since, null];
  stage(<Shown />, { api: apiOf({ Standstill: () => ({ unattendedSince: told.shift() ?? null }) }) });
  const seen: (string | null)[] = [];
  while (told.length > 0) {
    await act(() => vi.advanceTimersByTimeAsync(9_000));
    seen.push(screen.getByText(/^since/).textContent);
    await act(() => vi.advanceTimersByTimeAsync(1_000));
  }
  expect(seen).toEqual(["since never", "since never", "since never", `since ${since}`]);
});
