import { memoryStore } from '../../../../src/sinks/memory/store.js';
import { storeConformance } from '../../../conformance/store.js';
import { kept, settings } from '../../../conformance/store-fixtures.js';

storeConformance('memory', () => {
  const { store, reader } = memoryStore({ ...kept, settings });
  return Promise.resolve({ store, other: store, reader, close: () => store.close() });
});
