/** Icons as paths of 24 × 24. */
const PATHS = {
  play: 'M8 5.5v13l11-6.5z',
  pause: 'M7 5h4v14H7zM13 5h4v14h-4z',
  back: 'M6 5h2.5v14H6zM19 5.5v13L9.5 12z',
  next: 'M15.5 5H18v14h-2.5zM5 5.5v13l9.5-6.5z',
  file: 'M12 3l5 5h-3.5v6h-3V8H7zM5 17h14v3H5z',
  camera:
    'M3 7.5A1.5 1.5 0 014.5 6h10A1.5 1.5 0 0116 7.5v9a1.5 1.5 0 01-1.5 1.5h-10A1.5 1.5 0 013 16.5zM17.5 10.5L21 8v8l-3.5-2.5z',
  screen: 'M3 5h18v11H3zM5 7v7h14V7zM8 18h8v2H8z',
  spark: 'M12 3l1.900 5.600L19.5 10.5l-5.600 1.900L12 18l-1.900-5.600L4.5 10.5l5.600-1.900z',
  close:
    'M6.400 5L12 10.600 17.600 5 19 6.400 13.400 12 19 17.600 17.600 19 12 13.400 6.400 19 5 17.600 10.600 12 5 6.400z',
  sun: 'M12 7a5 5 0 100 10 5 5 0 000-10zM11 1h2v3h-2zM11 20h2v3h-2zM1 11h3v2H1zM20 11h3v2h-3zM4.200 5.600l1.400-1.400 2.100 2.100-1.400 1.400zM16.300 17.700l1.400-1.400 2.100 2.100-1.400 1.400zM4.200 18.400l2.100-2.100 1.400 1.400-2.100 2.100zM16.300 6.300l2.100-2.100 1.400 1.400-2.100 2.100z',
  download: 'M12 16l-5-5h3.5V4h3v7H17zM5 18h14v2.5H5z',
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" fill="currentColor">
    <path d={PATHS[name]} />
  </svg>
);
