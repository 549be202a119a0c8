import { locationSuite } from '../testing/location-suite.ts';
import { MemoryLocation } from './memory-location.ts';
import { locationProperties } from './testing/location-properties.ts';

locationSuite('MemoryLocation', (logger) => new MemoryLocation(logger));
locationProperties('MemoryLocation', () => new MemoryLocation());
