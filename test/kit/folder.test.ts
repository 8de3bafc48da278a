import { openFolder } from '../../src/kit/files/folder.ts';
import { exchangeAt } from './exchange.ts';

exchangeAt('in a folder', async (root) => openFolder(root));
