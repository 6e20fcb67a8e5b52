/** The rows of a long list that are in sight. A short list is shown whole. */
import { type VirtualItem, Virtualizer, elementScroll, observeElementOffset, observeElementRect } from "@tanstack/virtual-core"

/** Rows that are shown whole. */
export const WHOLE = 200
/** The height of a row of a long list, in rem. */
const ROW_REM = 3.25

export interface Row {
  readonly index: number
  readonly start: number
}

export class Window {
  private virtualizer: Virtualizer<HTMLElement, HTMLElement> | null = null
  private items = $state.raw<readonly VirtualItem[]>([])
  height = $state(0)

  /** Call it while a component is made. */
  constructor(
    private readonly count: () => number,
    list: () => HTMLElement | undefined,
  ) {
    $effect(() => {
      const element = list()
      const scroll = element?.closest("main") ?? document.documentElement
      if (!this.windowed || element === undefined) return
      const rem = parseFloat(getComputedStyle(document.documentElement).fontSize)
      const virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
        count: count(),
        estimateSize: () => ROW_REM * rem,
        overscan: 8,
        scrollMargin: element.getBoundingClientRect().top - scroll.getBoundingClientRect().top + scroll.scrollTop,
        getScrollElement: () => scroll,
        scrollToFn: elementScroll,
        observeElementRect,
        observeElementOffset,
        onChange: () => this.look(),
      })
      this.virtualizer = virtualizer
      const end = virtualizer._didMount()
      virtualizer._willUpdate()
      this.look()
      return () => {
        end()
        this.virtualizer = null
      }
    })
  }

  get windowed(): boolean {
    return this.count() > WHOLE
  }

  get shown(): readonly Row[] {
    if (!this.windowed) return Array.from({ length: this.count() }, (_, index) => ({ index, start: 0 }))
    const margin = this.virtualizer?.options.scrollMargin ?? 0
    return this.items.map(({ index, start }) => ({ index, start: start - margin }))
  }

  /** Scrolls so far that a row is in sight. */
  bringIn(index: number): void {
    this.virtualizer?.scrollToIndex(index)
    this.look()
  }

  private look(): void {
    this.items = this.virtualizer?.getVirtualItems() ?? []
    this.height = this.virtualizer?.getTotalSize() ?? 0
  }
}
