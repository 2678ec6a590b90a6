import type { Containers, Dockerfile } from '../../facts/containers.ts';

/** The Dockerfiles of production, without variants such as Dockerfile.alpine that nothing builds while it builds another from the same folder. */
export function builtImages(all: Containers): readonly Dockerfile[] {
  const images = all.dockerfiles.filter((dockerfile) => dockerfile.purpose === 'production');
  const declared = images.filter(isDeclared);
  return images.filter(
    (image) => isDeclared(image) || !isVariant(image) || !declared.some((other) => sharesContext(other, image)),
  );
}

const isVariant = (image: Dockerfile): boolean => !/(^|\/)Dockerfile$/.test(image.file);
const isDeclared = (image: Dockerfile): boolean => image.contexts.some((context) => context.at !== undefined);

const sharesContext = (declared: Dockerfile, image: Dockerfile): boolean =>
  declared.contexts.some(
    (context) =>
      context.dir === '.' ||
      image.contexts.some((own) => own.dir === context.dir || own.dir.startsWith(`${context.dir}/`)),
  );
