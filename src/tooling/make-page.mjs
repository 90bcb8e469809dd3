// Builds the page where it is missing or older than its sources: for a server that wants to send it.
import { build, isBuilt } from './build.mjs';

if (!isBuilt()) process.exitCode = await build();
