import { maxNodeScore, type Plugin } from '../framework.ts';
import type { ContainerImage } from '../../../kubernetes/api/index.ts';

const megabyte = 1024 * 1024;
const minThreshold = 23 * megabyte;
const maxContainerThreshold = 1000 * megabyte;

/** `nginx` is `nginx:latest` in a node's list of images. */
function normalizedName(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image;
}

const sizesByList = new WeakMap<readonly ContainerImage[], ReadonlyMap<string, number>>();

function sizesOf(images: readonly ContainerImage[]): ReadonlyMap<string, number> {
  let sizes = sizesByList.get(images);
  if (sizes === undefined) {
    const made = new Map<string, number>();
    for (const image of images) for (const name of image.names ?? []) made.set(name, image.sizeBytes ?? 0);
    sizesByList.set(images, sizes = made);
  }
  return sizes;
}

/** Prefers nodes that have the images already, less so where few nodes have them. Models plugins/imagelocality/image_locality.go. */
export const imageLocality: Plugin = {
  name: 'ImageLocality',
  score: ({ pod }, { node }, context) => {
    const images = node.status?.images;
    if (images === undefined || images.length === 0) return 0;
    const sizes = sizesOf(images);
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    let sum = 0;
    for (const container of containers) {
      const name = normalizedName(container.image ?? '');
      const size = sizes.get(name);
      if (size !== undefined) sum += Math.trunc(size * (context.nodesWithImage(name) / context.totalNodes));
    }
    const maxThreshold = maxContainerThreshold * containers.length;
    const clamped = Math.min(Math.max(sum, minThreshold), maxThreshold);
    return Math.trunc((maxNodeScore * (clamped - minThreshold)) / (maxThreshold - minThreshold));
  },
};
