/** Where the stage was moved to: its middle as shares of the whole, and how much larger than it fits. */
export interface Camera { readonly x: number; readonly y: number; readonly zoom: number }

/** Reads what may come from anywhere. */
export function isCamera(value: unknown): value is Camera {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, zoom } = value as Record<string, unknown>;
  return [x, y].every((share) => typeof share === 'number' && Math.abs(share) < 10) && typeof zoom === 'number' && zoom > 0.01 && zoom < 100;
}
