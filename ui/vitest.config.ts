import { svelteTesting } from "@testing-library/svelte/vite"
import { defineConfig } from "vitest/config"
import { alias, components } from "./vite.config.ts"

export default defineConfig({
  // The messages are there: `npm test` has made them.
  plugins: [components(), svelteTesting()],
  resolve: { alias },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts", "harness/memory/**/*.test.ts"],
    testTimeout: 20_000,
  },
})
