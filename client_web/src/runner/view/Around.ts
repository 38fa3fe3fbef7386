// What stands before, between and after the sections: one chunk, fetched after the first paint of an item.
export { Between } from "./Between";
export { Finished } from "./Finished";
export { Waiting } from "./Waiting";
