import React, { useEffect, useRef, useState } from "react";

// A playground that carries out commands, one after the other, and tells how many pages are free then.
export default function Playground({ commands, ...attributes }) {
  const element = useRef(null);
  const [free, setFree] = useState(null);
  useEffect(() => {
    const playground = element.current;
    const step = () => setFree(playground.snapshot().freePages);
    const ready = () => commands.forEach((command) => playground.run(command));
    // It may have become ready before this is called.
    if (playground.ready) ready();
    else playground.addEventListener("ready", ready);
    playground.addEventListener("step", step);
    return () => {
      playground.removeEventListener("ready", ready);
      playground.removeEventListener("step", step);
    };
  }, [commands]);
  return (
    <>
      <swap-playground ref={element} controls="minimal" label="With commands" {...attributes} />
      <p>
        Free pages: <output id="free">{free ?? "not known yet"}</output>
      </p>
    </>
  );
}
