import { defineConfig } from "vitest/config"
import { alias } from "../../vite.config.ts"

const common = {
  globalSetup: ["setup.ts"],
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // The work is done in the browser's processes; here it is only asked for. More at once would make each slower.
  maxWorkers: 1,
  maxConcurrency: 3,
}

export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias },
  test: {
    projects: [
      { extends: true, test: { ...common, name: "browser", include: ["*.test.ts"] } },
      // Pictures for people to look at; they prove nothing by themselves.
      { extends: true, test: { ...common, name: "shots", include: ["shots.ts"], testTimeout: 120_000 } },
    ],
  },
})
