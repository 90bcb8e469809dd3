/** The part of the motion library that moves things: fetched after the first picture. */
export { domAnimation as default } from 'framer-motion';
