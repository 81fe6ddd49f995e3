/** Bytes of weights that are read at all: ten times ResNet-18's, so that no file fills the memory. */
export const LARGEST_FILE = 512 * 2 ** 20;
