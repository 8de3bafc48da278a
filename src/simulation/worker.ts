import { parentPort, workerData } from 'node:worker_threads';
import { liveShare, type ShareOrder } from './run.ts';

/** One of several workers: lives its share of the seeds and sends back plain figures. */
parentPort?.postMessage(await liveShare(workerData as ShareOrder));
