//! JSON without a package, since none can be fetched: values, how they are read, and how Rust's own become some.
#![allow(dead_code)]
use std::collections::{BTreeMap, HashMap};
use std::fmt;

#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

static NULL: Json = Json::Null;

impl Json {
    pub fn object() -> Json {
        Json::Object(BTreeMap::new())
    }
    /// A field; null when there is none.
    pub fn get(&self, name: &str) -> &Json {
        match self {
            Json::Object(fields) => fields.get(name).unwrap_or(&NULL),
            _ => &NULL,
        }
    }
    /// An entry of a list; null when there is none.
    pub fn at(&self, index: usize) -> &Json {
        self.list().get(index).unwrap_or(&NULL)
    }
    pub fn set(&mut self, name: &str, value: impl ToJson) {
        if let Json::Object(fields) = self {
            fields.insert(name.to_string(), value.to_json());
        }
    }
    pub fn list(&self) -> &[Json] {
        match self {
            Json::List(entries) => entries,
            _ => &[],
        }
    }
    pub fn text(&self) -> &str {
        match self {
            Json::Text(text) => text,
            _ => "",
        }
    }
    pub fn number(&self) -> f64 {
        match self {
            Json::Number(number) => *number,
            _ => 0.0,
        }
    }
    pub fn is_true(&self) -> bool {
        self == &Json::Bool(true)
    }
    pub fn parse(text: &str) -> Result<Json, String> {
        let chars: Vec<char> = text.chars().collect();
        let mut reader = Reader { chars, at: 0 };
        let value = reader.value()?;
        reader.space();
        if reader.at < reader.chars.len() { Err(format!("more after the value at {}", reader.at)) } else { Ok(value) }
    }
}

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    fn space(&mut self) {
        while self.at < self.chars.len() && self.chars[self.at].is_whitespace() {
            self.at += 1;
        }
    }
    fn next(&mut self) -> Result<char, String> {
        let found = self.chars.get(self.at).copied().ok_or("the text ends too early")?;
        self.at += 1;
        Ok(found)
    }
    fn expect(&mut self, word: &str) -> Result<(), String> {
        for wanted in word.chars() {
            if self.next()? != wanted {
                return Err(format!("unexpected text at {}", self.at));
            }
        }
        Ok(())
    }
    fn value(&mut self) -> Result<Json, String> {
        self.space();
        match self.chars.get(self.at).copied().ok_or("the text ends too early")? {
            'n' => self.expect("null").map(|_| Json::Null),
            't' => self.expect("true").map(|_| Json::Bool(true)),
            'f' => self.expect("false").map(|_| Json::Bool(false)),
            '"' => self.string().map(Json::Text),
            '[' => self.entries(),
            '{' => self.fields(),
            _ => self.number(),
        }
    }
    fn number(&mut self) -> Result<Json, String> {
        let start = self.at;
        while self.at < self.chars.len() && "+-.eE0123456789".contains(self.chars[self.at]) {
            self.at += 1;
        }
        let text: String = self.chars[start..self.at].iter().collect();
        text.parse().map(Json::Number).map_err(|_| format!("no value at {}", start))
    }
    fn string(&mut self) -> Result<String, String> {
        self.expect("\"")?;
        let mut units: Vec<u16> = Vec::new();
        loop {
            match self.next()? {
                '"' => return Ok(String::from_utf16_lossy(&units)),
                '\\' => {
                    let escaped = match self.next()? {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        'u' => {
                            let mut code = 0;
                            for _ in 0..4 {
                                code = code * 16 + self.next()?.to_digit(16).ok_or("a wrong escape")? as u16;
                            }
                            units.push(code);
                            continue;
                        }
                        other => other,
                    };
                    units.extend(escaped.encode_utf16(&mut [0; 2]).iter());
                }
                other => units.extend(other.encode_utf16(&mut [0; 2]).iter()),
            }
        }
    }
    fn entries(&mut self) -> Result<Json, String> {
        self.expect("[")?;
        let mut entries = Vec::new();
        self.space();
        if self.chars.get(self.at) == Some(&']') {
            self.at += 1;
            return Ok(Json::List(entries));
        }
        loop {
            entries.push(self.value()?);
            self.space();
            match self.next()? {
                ',' => continue,
                ']' => return Ok(Json::List(entries)),
                _ => return Err(format!("unexpected text at {}", self.at)),
            }
        }
    }
    fn fields(&mut self) -> Result<Json, String> {
        self.expect("{")?;
        let mut fields = BTreeMap::new();
        self.space();
        if self.chars.get(self.at) == Some(&'}') {
            self.at += 1;
            return Ok(Json::Object(fields));
        }
        loop {
            self.space();
            let name = self.string()?;
            self.space();
            self.expect(":")?;
            fields.insert(name, self.value()?);
            self.space();
            match self.next()? {
                ',' => continue,
                '}' => return Ok(Json::Object(fields)),
                _ => return Err(format!("unexpected text at {}", self.at)),
            }
        }
    }
}

fn quoted(text: &str, out: &mut fmt::Formatter) -> fmt::Result {
    write!(out, "\"")?;
    for char in text.chars() {
        match char {
            '"' => write!(out, "\\\"")?,
            '\\' => write!(out, "\\\\")?,
            control if (control as u32) < 32 => write!(out, "\\u{:04x}", control as u32)?,
            other => write!(out, "{}", other)?,
        }
    }
    write!(out, "\"")
}

impl fmt::Display for Json {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Json::Null => write!(out, "null"),
            Json::Bool(value) => write!(out, "{}", value),
            Json::Number(value) if value.is_finite() => write!(out, "{}", value),
            Json::Number(_) => write!(out, "null"),
            Json::Text(text) => quoted(text, out),
            Json::List(entries) => {
                write!(out, "[")?;
                for (index, entry) in entries.iter().enumerate() {
                    write!(out, "{}{}", if index > 0 { "," } else { "" }, entry)?;
                }
                write!(out, "]")
            }
            Json::Object(fields) => {
                write!(out, "{{")?;
                for (index, (name, value)) in fields.iter().enumerate() {
                    write!(out, "{}", if index > 0 { "," } else { "" })?;
                    quoted(name, out)?;
                    write!(out, ":{}", value)?;
                }
                write!(out, "}}")
            }
        }
    }
}

/// What a step may return.
pub trait ToJson {
    fn to_json(&self) -> Json;
}

impl ToJson for Json {
    fn to_json(&self) -> Json {
        self.clone()
    }
}
impl ToJson for () {
    fn to_json(&self) -> Json {
        Json::Null
    }
}
impl ToJson for bool {
    fn to_json(&self) -> Json {
        Json::Bool(*self)
    }
}
impl ToJson for str {
    fn to_json(&self) -> Json {
        Json::Text(self.to_string())
    }
}
impl ToJson for String {
    fn to_json(&self) -> Json {
        Json::Text(self.clone())
    }
}
impl<T: ToJson + ?Sized> ToJson for &T {
    fn to_json(&self) -> Json {
        (**self).to_json()
    }
}
impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Json {
        self.as_ref().map_or(Json::Null, ToJson::to_json)
    }
}
impl<T: ToJson, E: fmt::Display> ToJson for Result<T, E> {
    fn to_json(&self) -> Json {
        match self {
            Ok(value) => value.to_json(),
            Err(error) => panic!("{}", error),
        }
    }
}
impl<T: ToJson> ToJson for [T] {
    fn to_json(&self) -> Json {
        Json::List(self.iter().map(ToJson::to_json).collect())
    }
}
impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Json {
        self.as_slice().to_json()
    }
}
impl<T: ToJson> ToJson for HashMap<String, T> {
    fn to_json(&self) -> Json {
        Json::Object(self.iter().map(|(name, value)| (name.clone(), value.to_json())).collect())
    }
}
impl<T: ToJson> ToJson for BTreeMap<String, T> {
    fn to_json(&self) -> Json {
        Json::Object(self.iter().map(|(name, value)| (name.clone(), value.to_json())).collect())
    }
}
macro_rules! numbers {
    ($($kind:ty),*) => { $(impl ToJson for $kind { fn to_json(&self) -> Json { Json::Number(*self as f64) } })* };
}
numbers!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64);
